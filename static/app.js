// Small things that make pages kinder; every page works without them.
document.addEventListener("submit", (event) => {
  // A second click on a commit sends nothing twice (the server would refuse it too).
  if (!event.target.matches("form[data-once]")) return;
  event.target.querySelectorAll("button").forEach((button) => { button.disabled = true; });
});
