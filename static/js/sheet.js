/*
 * The score sheet with script: rows open in place, and save themselves. Without it a
 * row opens by its link and saves by its button.
 *
 * A row is sent when a change leaves nothing half filled, or when the focus leaves its
 * form. Sending is the form's own hx-post, triggered by the event "save"; the answer
 * replaces figures and messages, never an input. What could not be sent stays marked
 * and is sent again by the button or when the line is back.
 */
(function () {
  "use strict";

  var sheet = document.querySelector("table.score-sheet");
  if (!sheet) return;

  /* ---- open and close ---- */

  function markToggles(inside) {
    Array.prototype.forEach.call(inside.querySelectorAll(".row-toggle"), function (link) {
      var detail = document.getElementById(link.getAttribute("data-opens"));
      link.setAttribute("role", "button");
      link.setAttribute("aria-controls", link.getAttribute("data-opens"));
      link.setAttribute("aria-expanded", String(Boolean(detail) && !detail.hidden));
    });
  }

  function open(detail, isOpen) {
    var group = detail.closest("tbody");
    var line = group.querySelector(".sheet-row");
    detail.hidden = !isOpen;
    line.classList.toggle("is-open", isOpen);
    markToggles(group);
    return line;
  }

  function detailOf(element) {
    return document.getElementById(element.getAttribute("data-opens"));
  }

  document.addEventListener("click", function (event) {
    var target = event.target;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    var opener = target.closest("[data-opens]");
    if (opener) {
      var detail = detailOf(opener);
      if (!detail) return;
      event.preventDefault();
      var isToggle = opener.classList.contains("row-toggle");
      var line = open(detail, isToggle ? detail.hidden : true);
      if (!isToggle) {
        line.scrollIntoView({ block: "start" });
        line.querySelector(".row-toggle").focus({ preventScroll: true });
      }
      return;
    }
    var row = target.closest(".sheet-row");
    if (!row || target.closest("a, button, input, abbr") || String(getSelection())) return;
    var toggle = row.querySelector(".row-toggle");
    if (toggle) open(detailOf(toggle), detailOf(toggle).hidden);
  });

  document.addEventListener("keydown", function (event) {
    var isToggle = event.target.classList && event.target.classList.contains("row-toggle");
    if (isToggle && event.key === " ") {
      event.preventDefault();
      event.target.click();
    }
    if (event.key === "Escape" && event.target.closest) {
      var detail = event.target.closest(".is-detail");
      if (detail) open(detail, false).querySelector(".row-toggle").focus();
    }
  });

  /* ---- saving ---- */

  var waiting = new Set();

  function isFilled(form) {
    return Array.prototype.every.call(
      form.querySelectorAll("input[name^='d-'].input-points"),
      function (input) {
        return input.value.trim() !== "";
      }
    );
  }

  function save(form) {
    if (!form.hasAttribute("data-changed")) return;
    form.removeAttribute("data-changed");
    window.htmx.trigger(form, "save");
  }

  function say(form, text, isTrouble) {
    var outcome = form.parentNode.querySelector(".row-outcome");
    var state = document.createElement("p");
    state.className = "save-state " + (isTrouble ? "is-unsaved" : "is-saving");
    state.textContent = text;
    outcome.replaceChildren(state);
  }

  /* A proposal stands without data and points, and data end the proposal. */
  function keepApart(form, input) {
    var proposal = form.querySelector("input[name='na']");
    var isData = /^d-/.test(input.name) || input.name === "points";
    if (proposal && isData && proposal.checked) proposal.checked = false;
    if (input !== proposal || !proposal.checked) return;
    Array.prototype.forEach.call(form.elements, function (other) {
      if (!/^d-/.test(other.name) && other.name !== "points") return;
      if (/^(radio|checkbox)$/.test(other.type)) other.checked = false;
      else other.value = "";
    });
  }

  /* "None of these" and the parts that hold exclude each other. */
  function keepNoneAlone(form, input) {
    if (input.type !== "checkbox" || !input.checked || !/^d-/.test(input.name)) return;
    Array.prototype.forEach.call(form.querySelectorAll("input[type=checkbox]"), function (other) {
      var isOfGroup = other.name === input.name && other !== input;
      if (isOfGroup && (input.value === "none" || other.value === "none")) other.checked = false;
    });
  }

  function formOf(event) {
    return event.target.closest && event.target.closest(".row-form");
  }

  sheet.addEventListener("input", function (event) {
    var form = formOf(event);
    if (form) form.setAttribute("data-changed", "");
  });

  sheet.addEventListener("change", function (event) {
    var form = formOf(event);
    if (!form) return;
    form.setAttribute("data-changed", "");
    keepApart(form, event.target);
    keepNoneAlone(form, event.target);
    var needsReason = event.target.name === "na" || event.target.name === "points";
    var reason = form.elements.reason;
    if (needsReason && reason && !reason.value.trim()) reason.focus();
    else if (isFilled(form)) save(form);
  });

  sheet.addEventListener("focusout", function (event) {
    var form = formOf(event);
    if (form && !form.contains(event.relatedTarget)) save(form);
  });

  /* Enter in a figure saves the row and stays there, to show what came of it. */
  sheet.addEventListener("keydown", function (event) {
    var form = formOf(event);
    if (!form || event.key !== "Enter" || !event.target.classList.contains("input-points")) return;
    event.preventDefault();
    form.setAttribute("data-changed", "");
    save(form);
  });

  document.addEventListener("htmx:beforeRequest", function (event) {
    var form = event.detail.elt;
    if (form.classList.contains("row-form")) say(form, sheet.getAttribute("data-saving"), false);
  });

  document.addEventListener("htmx:sendError", function (event) {
    var form = event.detail.elt;
    if (!form.classList.contains("row-form")) return;
    form.setAttribute("data-changed", "");
    waiting.add(form);
    say(form, sheet.getAttribute("data-unsent"), true);
  });

  document.addEventListener("htmx:responseError", function (event) {
    var form = event.detail.elt;
    var isSpoken = /^(403|409|422|429)$/.test(String(event.detail.xhr.status));
    if (!form.classList.contains("row-form") || isSpoken) return;
    form.setAttribute("data-changed", "");
    say(form, sheet.getAttribute("data-unsaved"), true);
  });

  window.addEventListener("online", function () {
    waiting.forEach(function (form) {
      waiting.delete(form);
      if (form.isConnected) save(form);
    });
  });

  document.addEventListener("htmx:oobAfterSwap", function (event) {
    markToggles(sheet);
    var trouble = event.target.id && document.getElementById(event.target.id);
    if (trouble && trouble.matches(".row-outcome") && trouble.querySelector(".notice")) {
      trouble.scrollIntoView({ block: "nearest" });
    }
  });
  document.addEventListener("htmx:afterSwap", function () {
    markToggles(sheet);
  });

  /* The page may come with a row open: its first input is where work goes on. */
  markToggles(sheet);
  var trouble = sheet.querySelector("[id^='errors-']");
  if (trouble) trouble.scrollIntoView({ block: "center" });
})();
