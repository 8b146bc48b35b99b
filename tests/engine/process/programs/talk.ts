// Uses process.send for itself.
process.on("message", (message) => {
  process.send?.({ echo: message, environment: Object.keys(process.env) });
  process.disconnect();
});
process.send?.("ready");
