if (!window.__testbedErrors) {
  const errors = [];
  window.__testbedErrors = errors;
  const text = (value) => (value instanceof Error ? `${value.name}: ${value.message}` : String(value));
  addEventListener("error", (event) => errors.push(`error: ${event.message || event.target?.src || event.type}`), true);
  addEventListener("unhandledrejection", (event) => errors.push(`rejected: ${text(event.reason)}`));
  addEventListener("securitypolicyviolation", (event) => errors.push(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  const report = console.error;
  console.error = (...values) => {
    errors.push(`console: ${values.map(text).join(" ")}`);
    report.apply(console, values);
  };
}
