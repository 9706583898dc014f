/** Served when the kiosk page has not been built, so that an empty screen explains itself. */
export const unbuiltPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>TagTrail cabinet</title>
<body style="font: 24px/1.5 sans-serif; margin: 4rem">
<h1>The cabinet works; its screen is not built</h1>
<p>Run <code>npm run build</code> in the project folder and start the agent again.</p>
<p>Badges, locks and the trail do not need this page. The raw state is at <a href="/api/state">/api/state</a>.</p>
</body>
</html>
`;
