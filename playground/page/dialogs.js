/** Small forms that bring new people and groups into the world. */

import * as api from "./api.js";
import { button, el } from "./dom.js";
import { toast } from "./toasts.js";
import { languageName, say } from "./words.js";

const LANGUAGES = ["en", "uk", "ru", "de", "fr", "es", "pl"];

/** Ask for a new person; `done(user)` is called when there is one. */
export function askPerson(done) {
  const name = field("firstName", { required: true, maxlength: 64 });
  const username = field("username", { maxlength: 32, pattern: "[A-Za-z][A-Za-z0-9_]*" });
  const language = el(
    "select",
    { name: "language" },
    LANGUAGES.map((code) => el("option", { value: code }, languageName(code))),
  );
  const make = () =>
    api.addUser({
      first_name: value(name),
      username: value(username) || undefined,
      language_code: language.value,
    });
  ask(say("addPerson"), [name, username, labelled("language", language)], make, ({ user }) => done(user));
}

/** Ask for a new group; `people` can be chosen into it, `me` is in it anyway. */
export function askGroup(people, me, done) {
  const title = field("groupTitle", { required: true, maxlength: 128 });
  const boxes = people
    .filter((person) => person.id !== me)
    .map((person) => checkbox(person.first_name, { value: person.id, checked: true }));
  const forum = checkbox(say("forum"), { name: "forum" });
  const make = () => {
    const members = [
      me,
      ...boxes
        .map((box) => box.firstChild)
        .filter((box) => box.checked)
        .map((box) => Number(box.value)),
    ];
    const isForum = forum.firstChild.checked;
    return api.addChat({
      type: isForum ? "supergroup" : "group",
      title: value(title),
      members,
      is_forum: isForum || undefined,
    });
  };
  ask(say("addGroup"), [title, el("fieldset", {}, boxes), forum], make, ({ chat }) => done(chat));
}

const value = (label) => label.querySelector("input").value.trim();

const labelled = (key, control) => el("label", {}, el("span", {}, say(key)), control);

const field = (key, props) => labelled(key, el("input", { type: "text", autocomplete: "off", ...props }));

const checkbox = (words, props) =>
  el("label", { class: "choice" }, el("input", { type: "checkbox", ...props }), words);

function ask(title, fields, make, done) {
  const cancel = button({ class: "key plain", onclick: () => dialog.close() }, say("cancel"));
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", {}, title),
    fields,
    el(
      "div",
      { class: "card-keys" },
      cancel,
      el("button", { type: "submit", class: "key primary" }, say("create")),
    ),
  );
  const dialog = el("dialog", { class: "card", "aria-label": title }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      done(await make());
      dialog.close();
    } catch (error) {
      toast(error.message, "trouble");
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
