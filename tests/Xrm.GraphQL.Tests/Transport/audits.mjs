// Runs every server audit of the npm package graphql-http against a server: node audits.mjs URL
import { serverAudits } from 'graphql-http';

let failed = 0;
const audits = serverAudits({ url: process.argv[2] });
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status !== 'ok') {
    failed++;
    console.log(`${result.status} ${audit.id} ${result.name}: ${result.reason}`);
  }
}
console.log(`${audits.length - failed} of ${audits.length} audits ok`);
process.exit(failed ? 1 : 0);
