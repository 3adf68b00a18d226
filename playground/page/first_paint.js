/** Runs before anything is drawn, so that the page never flashes in the wrong theme. */

const chosen = localStorage.getItem("hearthbot-theme");
if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
