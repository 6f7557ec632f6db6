// Small things that make pages kinder; every page works without them.
document.addEventListener("submit", (event) => {
  // A second click on a commit sends nothing twice (the server would refuse it too).
  if (!event.target.matches("form[data-once]")) return;
  event.target.querySelectorAll("button").forEach((button) => { button.disabled = true; });
});

document.addEventListener("click", (event) => {
  if (event.target.matches("[data-print]")) window.print();
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

// A box that suggests (common/lookup.py): the server sends the lines, arrows and Enter choose one.
const listOf = (box) => box.parentElement.querySelector(".suggestions");
const shut = (box) => { listOf(box).hidden = true; box.setAttribute("aria-expanded", "false"); };
const take = (box, line) => { box.value = line.dataset.value; shut(box); box.focus(); };

document.addEventListener("htmx:afterSwap", (event) => {
  const list = event.detail.target;
  if (!list.matches(".suggestions")) return;
  const box = list.parentElement.querySelector("[data-suggests]");
  list.hidden = !list.children.length || document.activeElement !== box;
  box.setAttribute("aria-expanded", String(!list.hidden));
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-suggests]")) return;
  const box = event.target, list = listOf(box);
  if (list.hidden) return;
  const lines = [...list.querySelectorAll("[role=option]")];
  const at = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") { shut(box); return; }
  if (event.key === "Enter" && at >= 0) { event.preventDefault(); take(box, lines[at]); return; }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !lines.length) return;
  event.preventDefault();
  const next = lines[(at + step + lines.length) % lines.length];
  lines.forEach((line) => line.setAttribute("aria-selected", String(line === next)));
  next.id = next.id || `${box.id}-${lines.indexOf(next)}`;
  box.setAttribute("aria-activedescendant", next.id);
  next.scrollIntoView({ block: "nearest" });
});

document.addEventListener("mousedown", (event) => {
  const line = event.target.closest(".suggestions [role=option]");
  if (line) { event.preventDefault(); take(line.closest(".field").querySelector("[data-suggests]"), line); }
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-suggests]")) shut(event.target);
});

// A part of the page that could not be had says why; what a page asks by itself is asked again.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.elt.matches("[hx-trigger*=every], [hx-trigger*=load], [data-suggests]")) return;
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const told = ["h1", "p"].map((name) => (page.querySelector(`main ${name}`) || page.querySelector(name))?.textContent);
  const said = document.createElement("p");
  said.className = "message error";
  said.setAttribute("role", "alert");
  said.textContent = told.filter(Boolean).join("：") || "没有办成，请稍后再试。";
  document.querySelector("main").prepend(said);
  said.scrollIntoView({ block: "nearest" });
});

// Files dropped on the upload form go into its file box; the box itself works without this.
const dropping = (event) => event.target.closest && event.target.closest("form[data-drop]");
document.addEventListener("dragover", (event) => {
  const form = dropping(event);
  if (!form) return;
  event.preventDefault();
  form.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  const form = dropping(event);
  if (form && !form.contains(event.relatedTarget)) form.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  const form = dropping(event);
  if (!form || !event.dataTransfer.files.length) return;
  event.preventDefault();
  form.classList.remove("dropping");
  form.querySelector("input[type=file]").files = event.dataTransfer.files;
});

// Signed out after a while without a request: sign in again over the page, with all that is filled in.
const idle = Number(document.body.dataset.idle || 0) * 1000;
const again = document.getElementById("again");
let lastSent = Date.now();
let waiting = null;
const isOver = () => idle > 0 && Date.now() - lastSent > idle;
const askAgain = (form, button) => {
  waiting = form ? { form, button } : waiting;
  if (again.open) return;
  again.showModal();
  again.querySelector("[name=password]").focus();
};

document.addEventListener("htmx:afterRequest", (event) => {
  // What a page asks by itself is no sign that somebody is there.
  if (!event.detail.elt.matches("[hx-trigger*=every], [hx-trigger*=load]")) lastSent = Date.now();
});

if (idle && again) {
  setInterval(() => { if (isOver()) askAgain(); }, 10000);
  // Before any other listener: what would be lost is kept.
  window.addEventListener("submit", (event) => {
    if (event.target.closest("#again")) {
      event.preventDefault();
      signInAgain(event.target);
    } else if (isOver() && event.target.method !== "dialog") {
      event.preventDefault();
      event.stopImmediatePropagation();
      askAgain(event.target, event.submitter);
    }
  }, true);
}

const signInAgain = async (form) => {
  const fault = form.querySelector("[role=alert]");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  const said = await answer.json().catch(() => ({ said: "没有登录成功，请再试一次。" }));
  fault.hidden = answer.ok;
  fault.textContent = said.said || "";
  form.querySelector("[name=password]").value = "";
  form.querySelector("[name=code]").value = "";
  if (!answer.ok) return;
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((box) => { box.value = said.token; });
  document.querySelectorAll("[hx-headers]").forEach((part) => { part.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": said.token })); });
  lastSent = Date.now();
  again.close();
  const { form: held, button } = waiting || {};
  waiting = null;
  if (held) held.requestSubmit(button && held.contains(button) ? button : undefined);
};

// The dialog cannot be left by Escape: behind it nothing would be answered.
if (again) again.addEventListener("cancel", (event) => event.preventDefault());
