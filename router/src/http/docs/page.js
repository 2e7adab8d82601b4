"use strict";

// The token is kept in the tab's memory only, never in its storage. No validator elsewhere is asked
// what it thinks of the document.
SwaggerUIBundle({
  dom_id: "#swagger-ui",
  url: new URL("v1/openapi.json", window.location.href).href,
  layout: "BaseLayout",
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  queryConfigEnabled: false,
  validatorUrl: null,
});
