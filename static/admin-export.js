// The export page of django-import-export has an inline handler, which our content
// security policy does not run: the same here, from a file.
document.addEventListener("change", (event) => {
  if (!event.target.matches(".select-toggle")) return;
  const boxes = event.target.closest("form").querySelectorAll(".selectable-field-export-row input[type=checkbox]");
  boxes.forEach((box) => { box.checked = event.target.checked; });
});
