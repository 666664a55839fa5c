"use strict";
// What makes the pages quicker to use. Everything here also works without: links, forms, tables.

const typing = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const open = document.querySelector("details.act[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
    return;
  }
  if (typing(event.target)) return;
  const pressed = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key.toLowerCase());
  if (pressed) {
    event.preventDefault();
    pressed.click();
  } else if (event.key === "/") {
    event.preventDefault();
    const field = document.querySelector("[data-shortcut-first], [data-shortcut='/']");
    field.focus();
    field.select();
  }
});

// One act at a time; the field to type in has the focus at once.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.act") || !event.target.open) return;
  document.querySelectorAll("details.act[open]").forEach((one) => { if (one !== event.target) one.open = false; });
  const field = event.target.querySelector("input[type='text'], input[type='search'], input[type='date'], select");
  if (field) { field.focus(); field.select?.(); }
}, true);

document.addEventListener("click", (event) => {
  document.querySelectorAll("details.act[open]").forEach((one) => { if (!one.contains(event.target)) one.open = false; });
});

// On a narrow screen the navigation scrolls sideways; the page that one is on is in sight.
const current = document.querySelector(".top nav [aria-current]");
if (current) current.parentElement.scrollLeft = current.offsetLeft - current.parentElement.clientWidth / 2;

// The choice that filters at once needs no button.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// What can be taken back says so for ten seconds; longer while somebody points at it or has the focus there.
const toast = document.querySelector(".toast");
if (toast) {
  const clean = new URL(location.href);
  clean.searchParams.delete("done");
  history.replaceState(null, "", clean);
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, 1000);
    else toast.remove();
  };
  setTimeout(leave, Number(toast.dataset.seconds) * 1000);
}

// Two clicks on a form do not do it twice.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
