/** The playground's own calls, one function each; the page talks to nothing else. */

/** What the playground said instead of doing it. */
export class Refused extends Error {}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(`/play/${path}`, options);
  } catch {
    throw new Refused("the playground does not answer");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(body.error ?? `status ${answer.status}`);
  return body;
}

const get = (path, query = {}) => call(`${path}?${new URLSearchParams(known(query))}`);

const post = (path, body) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

function known(query) {
  return Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
}

export const state = () => get("state");
export const stats = () => get("stats");
export const messages = (chatId, userId, before, limit = 60) =>
  get("messages", { chat_id: chatId, user_id: userId, before, limit });

export const send = (message) => post("send", message);
export const edit = (place, messageId, text) => post("edit", { ...place, message_id: messageId, text });
export const press = (place, messageId, data) => post("press", { ...place, message_id: messageId, data });
export const stop = (place, draftId) => post("stop", { ...place, draft_id: draftId });
export const react = (place, messageId, emoji) => post("react", { ...place, message_id: messageId, emoji });
export const inline = (userId, query) => post("inline", { user_id: userId, query });
export const addUser = (user) => post("users", user);
export const addChat = (chat) => post("chats", chat);

/** Send one file as the kind it is; the fields of the message ride along. */
export function sendFile(message, kind, file, caption) {
  const form = new FormData();
  form.append("message", JSON.stringify(message));
  if (caption) form.append("caption", caption);
  form.append(kind, file, file.name);
  return call("send", { method: "POST", body: form });
}

/** Where the page reads a file that a message names. */
export const fileAddress = (fileId) => `/play/file/${encodeURIComponent(fileId)}`;
