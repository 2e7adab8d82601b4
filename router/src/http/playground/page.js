"use strict";

// A link may bring what the editors begin with: ?query=…&variables=…&headers=…
const link = new URLSearchParams(location.search);
const given = (name) => link.get(name) ?? (link.has("query") ? "" : undefined);
const endpoint = new URL(location.pathname, location.href);

// Headers (the token) are kept in the tab's memory only: neither in its storage nor in its address.
// GraphiQL keeps the rest of a link itself, so that loading again does not undo what was edited.
history.replaceState(null, "", endpoint);

const element = React.createElement(GraphiQL, {
  fetcher: GraphiQL.createFetcher({
    url: endpoint.href,
    // headers go into `connection_init`
    subscriptionUrl: endpoint.href.replace(/^http/, "ws"),
  }),
  query: given("query"),
  variables: given("variables"),
  headers: given("headers"),
  defaultEditorToolsVisibility: "headers",
  shouldPersistHeaders: false,
  defaultQuery: "# A token goes into the headers below: { \"Authorization\": \"Bearer …\" }\n\n{\n  __typename\n}\n",
});
ReactDOM.createRoot(document.getElementById("graphiql")).render(element);
