import { type AddressInfo, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Mailer, smtpMailer } from "../src/platform/mailer.ts";
import { retryDelayMs } from "../src/platform/outbox.ts";
import { signIn, signUp } from "./support/people.ts";
import { startPortal, type TestPortal } from "./support/portal.ts";

let portal: TestPortal;
let server: SMTPServer;
let mailer: Mailer;
let received: ParsedMail[] = [];
let refuses = false;

beforeAll(async () => {
  portal = await startPortal();
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }, _session, done) {
      if (address.startsWith("perdue"))
        return done(Object.assign(new Error("no such user"), { responseCode: 550 }));
      done();
    },
    onData(stream, _session, done) {
      simpleParser(stream).then((mail) => {
        if (refuses) return done(Object.assign(new Error("try again later"), { responseCode: 451 }));
        received.push(mail);
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  mailer = smtpMailer(
    `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    "Unisson <ne-pas-repondre@unisson.example>",
  );
});
beforeEach(() => {
  received = [];
});
afterAll(async () => {
  mailer.close();
  await new Promise<void>((resolve) => server.close(resolve));
  await portal.close();
});

/** A port where nobody listens any more. */
async function closedServer(): Promise<Server> {
  const one = createServer();
  await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  const address = one.address();
  await new Promise<void>((resolve) => one.close(() => resolve()));
  return Object.assign(one, { address: () => address });
}

async function askAccount(email: string, firstName: string): Promise<void> {
  const browser = portal.browser();
  await browser.open("/compte/creer");
  await browser.send({ email, emailAgain: email, firstName, lastName: "Exemple", acceptsTerms: true });
  await browser.send({}, { button: ["later", "oui"] });
  await browser.send();
}

describe("Les messages partent par un vrai serveur SMTP", () => {
  test("en HTML et en texte, avec un lien ; le corps ne reste pas en base", async () => {
    await askAccount("anne@exemple.fr", "Anne-Élise");
    expect(await portal.deliver(mailer)).toEqual({ sent: 1, postponed: 0, parked: 0 });
    const [mail] = received;
    expect(mail!.subject).toBe("Unisson – Activez votre compte");
    expect(mail!.text).toContain("Bonjour Anne-Élise,");
    expect(mail!.text).toContain(`${portal.url}/compte/activer?lien=`);
    expect(mail!.html).toContain("Activer mon compte");
    expect(mail!.from?.text).toContain("ne-pas-repondre@unisson.example");
    expect(await portal.query("select html, text, state from mail")).toEqual([
      { html: null, text: null, state: "sent" },
    ]);
  });

  test("A-45 un prénom hostile reste du texte, en HTML aussi", async () => {
    await portal.query(
      "insert into account (sign_in_email, sign_in_email_canonical, first_name, last_name, state, activated_at) values ('h@exemple.fr', 'h@exemple.fr', '<img src=x onerror=alert(1)>', 'X', 'active', now())",
    );
    const browser = portal.browser();
    await browser.open("/mot-de-passe/oublie");
    await browser.send({ email: "h@exemple.fr" });
    await portal.deliver(mailer);
    expect(received[0]!.html).not.toContain("<img");
    expect(received[0]!.html).toContain("&lt;img");
  });

  test("F-08 un serveur qui refuse un moment : rien n'est perdu, tout part ensuite", async () => {
    refuses = true;
    await askAccount("bruno@exemple.fr", "Bruno");
    expect(await portal.deliver(mailer)).toEqual({ sent: 0, postponed: 1, parked: 0 });
    refuses = false;
    expect(await portal.deliver(mailer)).toEqual({ sent: 0, postponed: 0, parked: 0 });
    portal.advance({ seconds: 5 });
    expect(await portal.deliver(mailer)).toEqual({ sent: 1, postponed: 0, parked: 0 });
    expect(received).toHaveLength(1);
  });

  test("F-08 dix minutes de refus, de lignes coupées et de silence : tout est parti cinq minutes après le retour", async () => {
    for (const name of ["Denis", "Elsa", "Farid"]) await askAccount(`${name.toLowerCase()}@exemple.fr`, name);
    const dropping = createServer(
      (socket) =>
        void socket
          .on("error", () => {})
          .once("data", () => socket.destroy())
          .write("220 ici\r\n"),
    );
    const silent = createServer(
      (socket) => void socket.on("error", () => {}).setTimeout(300, () => socket.destroy()),
    );
    for (const one of [dropping, silent])
      await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
    const portOf = (one: Server) => (one.address() as AddressInfo).port;
    const closed = portOf(await closedServer());
    const faulty = [closed, portOf(dropping), portOf(silent)].map((port) =>
      smtpMailer(`smtp://127.0.0.1:${port}`, "u@unisson.example"),
    );
    refuses = true;
    for (let seconds = 0, turn = 0; seconds < 600; seconds += 20, turn++) {
      const report = await portal.deliver([mailer, ...faulty][turn % 4]!);
      expect(report).toMatchObject({ sent: 0, parked: 0 });
      // meanwhile nobody waits for a mail
      const asked = performance.now();
      expect((await fetch(`${portal.url}/connexion`)).status).toBe(200);
      expect(performance.now() - asked).toBeLessThan(1_000);
      portal.advance({ seconds: 20 });
    }
    refuses = false;
    for (let seconds = 0; seconds < 300; seconds += 10) {
      await portal.deliver(mailer);
      portal.advance({ seconds: 10 });
    }
    expect(new Set(received.map((mail) => mail.to && [mail.to].flat()[0]!.text)).size).toBe(3);
    expect(await portal.query("select 1 from mail where state <> 'sent'")).toEqual([]);
    for (const one of faulty) one.close();
    for (const one of [dropping, silent]) one.close();
  });

  test("F-07 cent envois tués entre le départ et la note : aucun perdu, les doubles portent le même Message-ID", async () => {
    await portal.query(
      `insert into mail (message_id, once_key, name, family, to_address, subject, html, text, next_attempt_at, created_at)
       select format('<f07-%s@unisson>', n), format('f07-%s', n), 'activation-link', 'security', format('f07-%s@exemple.fr', n),
         'Essai', '<p>Essai</p>', 'Essai', now(), now() from generate_series(1, 100) n`,
    );
    // each takes a mail, sends it for good, and is never heard of again
    const dying: Mailer = {
      lanes: 10,
      keepsBodies: false,
      close: () => {},
      send: async (mail) => {
        await mailer.send(mail);
        await new Promise(() => {});
      },
    };
    for (let sent = 10; sent <= 100; sent += 10) {
      void portal.deliver(dying);
      while (received.length < sent) await sleep(5);
    }
    expect(await portal.deliver(mailer)).toMatchObject({ sent: 0 });
    portal.advance({ seconds: 121 });
    expect(await portal.deliver(mailer)).toMatchObject({ sent: 100, postponed: 0 });
    const byId = Map.groupBy(received, (mail) => mail.messageId);
    expect([byId.size, ...new Set([...byId.values()].map((same) => same.length))]).toEqual([100, 2]);
  });

  test("un serveur absent un jour entier : le message est mis de côté, et le dit", async () => {
    refuses = true;
    await askAccount("chloe@exemple.fr", "Chloé");
    portal.advance({ hours: 25 });
    expect(await portal.deliver(mailer)).toEqual({ sent: 0, postponed: 0, parked: 1 });
    refuses = false;
  });
});

test("Les essais s'espacent, d'une seconde à une heure", () => {
  expect([1, 2, 3, 4].map((attempts) => retryDelayMs(attempts, 0.5))).toEqual([1000, 2000, 4000, 8000]);
  expect(retryDelayMs(12, 1)).toBe(300_000);
  expect(retryDelayMs(40, 0.5)).toBe(3_600_000);
});

describe("ACC-14 Une adresse que son serveur refuse", () => {
  test("le message n'est pas retenté ; à la connexion suivante, une adresse qui reçoit est demandée", async () => {
    const email = "perdue@exemple.fr";
    const browser = await signUp(portal, { email });
    await portal.query("delete from mail");
    await browser.open("/mot-de-passe/oublie");
    await browser.send({ email }, { form: "main form" });
    expect(await portal.deliver(mailer)).toEqual({ sent: 0, postponed: 0, parked: 1 });
    expect(await portal.deliver(mailer)).toEqual({ sent: 0, postponed: 0, parked: 0 });
    const back = await signIn(portal, email);
    expect(back.text).toContain("Votre adresse ne reçoit plus nos messages");
    await back.send({}, { form: 'main form[action="/bienvenue/adresse"]' });
    expect(back.text).toContain("Pour quelle structure travaillez-vous ?");
    expect((await signIn(portal, email)).text).toContain("Pour quelle structure travaillez-vous ?");
  });

  test("l'adresse de contact ne sert plus, et la personne le sait à son adresse de connexion", async () => {
    const email = "vivante@exemple.fr";
    await signUp(portal, { email });
    await portal.query(
      "update account set contact_email = 'perdue2@exemple.fr', contact_email_verified_at = now() where sign_in_email = $1",
      [email],
    );
    await portal.query("delete from mail");
    await portal.query(
      `insert into mail (once_key, name, family, recipient_account_id, to_address, to_name, subject, html, text, message_id,
         next_attempt_at, created_at)
       select 'essai', 'essai', 'structureLife', id, contact_email, '', 'Essai', 'x', 'x', '<essai@unisson>', now(), now()
       from account where sign_in_email = $1`,
      [email],
    );
    expect(await portal.deliver(mailer)).toEqual({ sent: 1, postponed: 0, parked: 1 });
    expect(received[0]!.subject).toContain("Votre adresse de contact ne reçoit plus rien");
    const [account] = await portal.query("select contact_email from account where sign_in_email = $1", [
      email,
    ]);
    expect(account).toEqual({ contact_email: null });
    expect((await signIn(portal, email)).text).not.toContain("ne reçoit plus nos messages");
  });
});
