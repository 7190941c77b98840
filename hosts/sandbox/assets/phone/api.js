// The sandbox's control endpoints.

async function ask(method, path, body) {
  const init = { method, headers: {} };
  if (body !== undefined) {
    init.headers["content-type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  const response = await fetch(path, init);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? answer.message ?? `The sandbox answered ${response.status}.`);
  return answer;
}

export const look = () => ask("GET", "/_sandbox/phone");
export const addCustomer = (name) => ask("POST", "/_sandbox/phone/customers", { name });
export const say = (channel, personId, deed) => ask("POST", "/_sandbox/phone/say", { channel, personId, do: deed });

const provider = (channel) => (channel === "line" || channel === "telegram" ? channel : "meta");
export const faults = async (channel) => (await ask("GET", `/_sandbox/${provider(channel)}/faults`)).faults;
export const setFault = (channel, fault) => ask("POST", `/_sandbox/${provider(channel)}/faults`, fault);
export const endFault = (channel, name) =>
  ask("DELETE", `/_sandbox/${provider(channel)}/faults?name=${encodeURIComponent(name)}`);
export const deliveries = () => ask("GET", "/_sandbox/deliveries");
export const troubleDelivery = (trouble, times) => ask("POST", "/_sandbox/deliveries", { trouble, times });

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Hands over the timeline as it grows, for as long as the page lives. `fresh` is told when it begins anew. */
export async function follow({ grown, fresh, trouble }) {
  let epoch = "";
  let last = 0;
  for (;;) {
    try {
      const wait = epoch ? 20000 : 0;
      const query = new URLSearchParams({ after: last, limit: 500, wait });
      if (epoch) query.set("epoch", epoch);
      const answer = await ask("GET", `/_sandbox/phone/timeline?${query}`);
      if (answer.epoch !== epoch) await fresh();
      ({ epoch, last } = answer);
      trouble(null);
      if (answer.entries.length) grown(answer.entries);
      else if (!wait) grown([]);
    } catch {
      trouble("The sandbox does not answer. Trying again…");
      await pause(1500);
    }
  }
}

/** A file of one's own, as the sandbox takes it. */
export function readFile(file) {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onerror = () => fail(new Error("The file cannot be read."));
    reader.onload = () => {
      const data = String(reader.result);
      done({ contentType: file.type || "application/octet-stream", data: data.slice(data.indexOf(",") + 1) });
    };
    reader.readAsDataURL(file);
  });
}
