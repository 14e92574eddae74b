/*
 * A document beside the page: PDF and pictures open at the page of the proof, in a panel
 * at the right edge, over the whole window where that is narrow. Without script the same
 * link downloads the document or opens it in a tab of its own.
 *
 *   a[data-preview="pdf"|"image"]   what to show; href is where it is downloaded
 *   data-preview-src                the address that shows it
 *   data-preview-page               page of the proof, as it was written ("3", "tr. 3-5")
 *   data-preview-title              its name at the head of the panel
 *   #preview-panel                  templates/components/preview_panel.html, once per page
 *
 * Raises "preview:opened" on the link and "preview:closed" on the document.
 */
(function () {
  "use strict";

  var WIDE = "(min-width: 1280px)";
  var NARROWEST = 360;
  var KEPT = "preview-width";

  var panel = document.getElementById("preview-panel");
  if (!panel || !panel.showModal) return;

  var body = panel.querySelector(".preview-body");
  var title = panel.querySelector(".preview-title");
  var place = panel.querySelector(".preview-place");
  var tab = panel.querySelector("[data-preview-tab]");
  var download = panel.querySelector("[data-preview-download]");
  var handle = panel.querySelector(".preview-handle");
  var opener = null;
  var wide = window.matchMedia(WIDE);

  function firstNumber(text) {
    var found = /\d+/.exec(text || "");
    return found ? Number(found[0]) : 0;
  }

  /* ---- what is shown ---- */

  function addressOf(link) {
    var address = link.getAttribute("data-preview-src");
    var page = firstNumber(link.getAttribute("data-preview-page"));
    var isPdf = link.getAttribute("data-preview") === "pdf";
    return isPdf ? address + "#page=" + (page || 1) + "&navpanes=0" : address;
  }

  function shown(link) {
    var isImage = link.getAttribute("data-preview") === "image";
    var element = document.createElement(isImage ? "img" : "iframe");
    var name = link.getAttribute("data-preview-title") || link.textContent;
    if (isImage) element.alt = name;
    else element.title = name;
    element.className = "preview-document";
    element.src = addressOf(link);
    element.addEventListener("error", function () {
      body.replaceChildren(panel.querySelector("template").content.cloneNode(true));
    });
    return element;
  }

  function open(link) {
    var page = firstNumber(link.getAttribute("data-preview-page"));
    opener = link;
    title.textContent = link.getAttribute("data-preview-title") || link.textContent;
    place.textContent = page ? place.getAttribute("data-words").replace("{page}", page) : "";
    tab.href = addressOf(link);
    download.href = link.href;
    body.replaceChildren(shown(link));
    show();
    panel.querySelector("[data-preview-close]").focus();
    link.dispatchEvent(new CustomEvent("preview:opened", { bubbles: true }));
  }

  /* Beside the page where there is room; over it, and alone, where there is not. */
  function show() {
    if (panel.open) panel.close();
    document.documentElement.classList.toggle("has-preview", wide.matches);
    if (wide.matches) panel.show();
    else panel.showModal();
  }

  function close() {
    if (!panel.open) return;
    panel.close();
  }

  panel.addEventListener("close", function () {
    /* show() closes and opens again in one go: then nothing has ended. */
    window.setTimeout(function () {
      if (panel.open) return;
      document.documentElement.classList.remove("has-preview");
      body.replaceChildren();
      var back = opener;
      opener = null;
      if (back && !back.isConnected) back = sameLink(back);
      if (back) back.focus();
      document.dispatchEvent(new CustomEvent("preview:closed"));
    });
  });

  /* The list may have been printed anew meanwhile. */
  function sameLink(gone) {
    return Array.prototype.filter.call(
      document.querySelectorAll("a[data-preview]"),
      function (link) {
        return link.href === gone.href && link.offsetParent !== null;
      }
    )[0];
  }

  document.addEventListener("click", function (event) {
    var link = event.target instanceof Element && event.target.closest("a[data-preview]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    event.stopPropagation();
    open(link);
  });

  panel.querySelector("[data-preview-close]").addEventListener("click", close);

  document.addEventListener(
    "keydown",
    function (event) {
      if (event.key !== "Escape" || !panel.open) return;
      event.preventDefault();
      event.stopPropagation();
      close();
    },
    true
  );

  function follow() {
    if (panel.open) show();
  }
  if (wide.addEventListener) wide.addEventListener("change", follow);

  /* ---- its width, by mouse and by keys, remembered on this machine ---- */

  function widest() {
    return Math.floor(window.innerWidth * 0.7);
  }

  function widen(width) {
    var fits = Math.round(Math.max(NARROWEST, Math.min(widest(), width)));
    document.documentElement.style.setProperty("--preview-width", fits + "px");
    handle.setAttribute("aria-valuenow", String(fits));
    handle.setAttribute("aria-valuemin", String(NARROWEST));
    handle.setAttribute("aria-valuemax", String(widest()));
    return fits;
  }

  function keep(width) {
    try {
      localStorage.setItem(KEPT, String(width));
    } catch (storageIsClosed) {
      /* The width then holds for this page only. */
    }
  }

  function kept() {
    try {
      return Number(localStorage.getItem(KEPT));
    } catch (storageIsClosed) {
      return 0;
    }
  }

  handle.addEventListener("pointerdown", function (event) {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    panel.classList.add("is-resized");
  });
  handle.addEventListener("pointermove", function (event) {
    if (!panel.classList.contains("is-resized")) return;
    widen(window.innerWidth - event.clientX);
  });
  handle.addEventListener("pointerup", function (event) {
    panel.classList.remove("is-resized");
    keep(widen(window.innerWidth - event.clientX));
  });
  handle.addEventListener("keydown", function (event) {
    var steps = { ArrowLeft: 32, ArrowRight: -32 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    keep(widen(panel.offsetWidth + steps[event.key]));
  });

  widen(kept() || Math.floor(window.innerWidth * 0.42));
})();
