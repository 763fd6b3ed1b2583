
"use strict";

(() => {
  const boxes = [...document.querySelectorAll(".done input")];
  const status = document.getElementById("status");
  // All files of a computer share one storage, and two pages may hold the same values.
  const store = `ngrok-scim ${document.body.dataset.page} ${location.pathname}`;

  function say(text) {
    // A live region that is told the same text twice is read once; so it is emptied first.
    status.textContent = "";
    setTimeout(() => { status.textContent = text; }, 50);
  }

  function copyFromField(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    field.setAttribute("aria-hidden", "true");
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused, or not offered: the page was not opened as a file or over https.
      return copyFromField(text);
    }
  }

  async function copy(button) {
    const word = button.querySelector(".word");
    const label = button.dataset.label;
    if (!await copied(button.value)) {
      getSelection().selectAllChildren(button.parentElement.querySelector("code"));
      say("Not copied. " + label + " is selected: press Control C, or Command C.");
      word.textContent = "Selected: press Ctrl+C or ⌘C";
      return;
    }
    button.focus({ preventScroll: true });
    button.classList.add("copied");
    word.textContent = "Copied";
    say("Copied: " + label);
    setTimeout(() => {
      button.classList.remove("copied");
      word.textContent = "Copy";
    }, 2000);
  }

  function showProgress() {
    const done = boxes.filter((box) => box.checked).length;
    document.getElementById("bar").value = done;
    document.getElementById("count").textContent = done + " of " + boxes.length + " done";
  }

  function remember() {
    const ticked = boxes.filter((box) => box.checked).map((box) => box.id);
    try {
      localStorage.setItem(store, ticked.join(" "));
    } catch {
      // No storage here: the ticks last as long as the page is open.
    }
  }

  function recall() {
    try {
      const ticked = (localStorage.getItem(store) || "").split(" ");
      for (const box of boxes) box.checked = ticked.includes(box.id);
    } catch {
      // As above.
    }
  }

  for (const box of boxes) {
    box.addEventListener("change", () => {
      remember();
      showProgress();
    });
  }
  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
  document.getElementById("again").addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    remember();
    showProgress();
    say("Nothing is ticked off any more.");
  });
  document.querySelector(".progress").hidden = false;
  recall();
  showProgress();
})();
