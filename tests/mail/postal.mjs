// Reads mails with postal-mime: a line of base64 each on standard input, a line of JSON each on standard output.
// The folder that postal-mime is installed in is the only argument.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(process.argv[2] + "/"));
const PostalMime = require("postal-mime").default ?? require("postal-mime");

for await (const line of createInterface({ input: process.stdin })) {
  const mail = await PostalMime.parse(Buffer.from(line, "base64"));
  const people = (list) => (list ?? []).map((each) => [each.name, each.address]);
  process.stdout.write(
    JSON.stringify({
      subject: mail.subject ?? "",
      people: { from: people([mail.from]), to: people(mail.to), cc: people(mail.cc), reply_to: people(mail.replyTo) },
      ids: [mail.messageId ?? "", mail.inReplyTo ?? "", mail.references ?? ""],
      text: mail.text ?? "",
      files: mail.attachments.map((each) => [each.filename, each.mimeType, Buffer.from(each.content).toString("base64")]),
    }) + "\n",
  );
}
