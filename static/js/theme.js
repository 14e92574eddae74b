/* Before the first paint: the reader's chosen theme, or none (then the machine's). */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("has-script");
  try {
    var chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") {
      root.setAttribute("data-theme", chosen);
    }
  } catch (storageIsClosed) {
    /* Private windows may refuse storage: the machine's theme stays. */
  }
})();
