// Loaded before the first paint where no theme was chosen: takes the device's.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    if (document.documentElement.dataset.theme === "auto") document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
  };
  show();
  dark.addEventListener("change", show);
})();
