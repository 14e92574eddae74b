/*
 * The form of a row of the score sheet as a list of names and texts, as they are sent.
 *
 *   parIndex.rowForm.typed(form)         what stands in it now: [[name, text], ...]
 *   parIndex.rowForm.stored(form)        what it was delivered with, or what was stored
 *                                        last (form.parStored, set by saving.js)
 *   parIndex.rowForm.fill(form, fields)  what is not named is emptied
 *   parIndex.rowForm.isSame(a, b)
 *   parIndex.rowForm.isTick(input)
 *   parIndex.rowForm.keepApart(form, input)   after a change of an input: what cannot
 *                                        stand beside it is emptied
 */
(function () {
  "use strict";

  function inputsOf(form) {
    return Array.prototype.filter.call(form.elements, function (input) {
      return input.name && !input.disabled && !/^(hidden|submit|button|fieldset)$/.test(input.type);
    });
  }

  function isTick(input) {
    return /^(radio|checkbox)$/.test(input.type);
  }

  function textsOf(form, isChosen, textOf) {
    return inputsOf(form)
      .filter(function (input) {
        return !isTick(input) || isChosen(input);
      })
      .map(function (input) {
        return [input.name, isTick(input) ? input.value : textOf(input)];
      });
  }

  function typed(form) {
    return textsOf(
      form,
      function (input) { return input.checked; },
      function (input) { return input.value; }
    );
  }

  /* What the page was delivered with, or what was stored last. */
  function stored(form) {
    return (
      form.parStored ||
      textsOf(
        form,
        function (input) { return input.defaultChecked; },
        function (input) { return input.defaultValue; }
      )
    );
  }

  function fill(form, fields) {
    var texts = {};
    fields.forEach(function (field) {
      texts[field[0]] = (texts[field[0]] || []).concat(field[1]);
    });
    inputsOf(form).forEach(function (input) {
      var given = texts[input.name] || [];
      if (isTick(input)) input.checked = given.indexOf(input.value) >= 0;
      else input.value = given.length ? given[0] : "";
    });
  }

  function isSame(one, other) {
    return JSON.stringify(one) === JSON.stringify(other);
  }

  /* A proposal stands without data and points, and data end the proposal. */
  function keepProposalApart(form, input) {
    var proposal = form.querySelector("input[name='na']");
    var isData = /^d-/.test(input.name) || input.name === "points";
    if (proposal && isData && proposal.checked) proposal.checked = false;
    if (input !== proposal || !proposal.checked) return;
    inputsOf(form).forEach(function (other) {
      if (!/^d-/.test(other.name) && other.name !== "points") return;
      if (isTick(other)) other.checked = false;
      else other.value = "";
    });
    var reason = form.elements.reason;
    if (reason && !reason.value.trim()) reason.focus();
  }

  /* "None of these" and the parts that hold exclude each other. */
  function keepNoneAlone(form, input) {
    if (input.type !== "checkbox" || !input.checked || !/^d-/.test(input.name)) return;
    inputsOf(form).forEach(function (other) {
      var isOfGroup = other.name === input.name && other !== input;
      if (isOfGroup && (input.value === "none" || other.value === "none")) other.checked = false;
    });
  }

  window.parIndex = window.parIndex || {};
  window.parIndex.rowForm = {
    typed: typed,
    stored: stored,
    fill: fill,
    isSame: isSame,
    isTick: isTick,
    keepApart: function (form, input) {
      keepProposalApart(form, input);
      keepNoneAlone(form, input);
    },
  };
})();
