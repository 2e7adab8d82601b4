"use strict";

// Headers (the token) are kept in the tab's memory only, never in its storage.
const element = React.createElement(GraphiQL, {
  fetcher: GraphiQL.createFetcher({ url: "/graphql" }),
  defaultEditorToolsVisibility: "headers",
  shouldPersistHeaders: false,
  defaultQuery: "# A token goes into the headers below: { \"Authorization\": \"Bearer …\" }\n\n{\n  __typename\n}\n",
});
ReactDOM.createRoot(document.getElementById("graphiql")).render(element);
