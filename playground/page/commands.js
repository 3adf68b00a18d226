/** The bot's commands that hold in the open chat for the person who looks. */

/** Commands that begin with some letters. */
export function commandsFor(world, beginning = "") {
  const list = listFor(world.bot.commands ?? [], world.chat, world.person?.language_code ?? "");
  return list.filter(({ command }) => command.startsWith(beginning.toLowerCase()));
}

// The narrowest scope wins, and in it the person's language before none.
function listFor(lists, chat, language) {
  for (const fits of scopes(chat)) {
    for (const code of [language, ""]) {
      const found = lists.find(
        (list) => fits(list.scope ?? { type: "default" }) && (list.language_code ?? "") === code,
      );
      if (found?.commands?.length) return found.commands;
    }
  }
  return [];
}

function scopes(chat) {
  const kind = chat?.type === "private" ? "all_private_chats" : "all_group_chats";
  return [
    (scope) => scope.type === "chat" && scope.chat_id === chat?.id,
    (scope) => scope.type === kind,
    (scope) => scope.type === "default",
  ];
}
