// Small things that make pages kinder; every page works without them.
document.addEventListener("submit", (event) => {
  // A second click on a commit sends nothing twice (the server would refuse it too).
  if (!event.target.matches("form[data-once]")) return;
  event.target.querySelectorAll("button").forEach((button) => { button.disabled = true; });
});

document.addEventListener("keydown", (event) => {
  // "/" goes to the search box, unless one is typing.
  if (event.key !== "/" || event.target.closest("input, select, textarea")) return;
  const box = document.querySelector("[data-find]");
  if (box) { event.preventDefault(); box.focus(); }
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-tick-all]")) return;
  document.querySelectorAll("input[name=row][form=ticks]").forEach((box) => { box.checked = event.target.checked; });
});
