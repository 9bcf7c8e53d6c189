import { expect } from "vitest";
import { Browser } from "./browser.ts";
import { signedIn } from "./process.ts";

const TOWN = 1;

/** Asks the database as its owner. */
export type Query = <R extends Record<string, unknown>>(text: string, values?: unknown[]) => Promise<R[]>;

/**
 * Does over and over what people do, keeps what was said to be done, and compares with what the database holds: the row,
 * its one entry in the journal, its one mail. Its sessions outlive the portal that it talks to.
 */
export class Work {
  readonly services = new Set<string>();
  readonly invited = new Set<string>();
  readonly signedUp = new Set<string>();
  /** What broke off, and may or may not be there. */
  cuts = 0;
  #isOver = false;
  #manager: Browser | null = null;
  #made = 0;

  get acknowledged(): number {
    return this.services.size + this.invited.size + this.signedUp.size;
  }

  /** Works on a portal until `stop`, on several lanes at once. A line that is cut ends its lane, unless it `goesOn`. */
  async start(url: string, { goesOn = false } = {}): Promise<{ stop(): Promise<void> }> {
    this.#isOver = false;
    this.#manager ??= await signedIn(url);
    const manager = this.#manager;
    await manager.open("/mon-compte/identite");
    const token = manager.form("main form").querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const act = (path: string, fields: Record<string, string>) =>
      manager.request(new URL(path, url).href, {
        method: "POST",
        body: new URLSearchParams({ _jeton: token, structureId: String(TOWN), ...fields }),
        headers: { origin: url },
        signal: AbortSignal.timeout(15_000),
      });
    const lane = async (work: (name: string) => Promise<void>) => {
      while (!this.#isOver)
        try {
          await work(`f${++this.#made}`);
        } catch (error) {
          expect(String(error)).toMatch(/fetch failed|terminated|socket|aborted|timeout|No form|no field/i);
          this.cuts++;
          if (!goesOn) return;
        }
    };
    const lanes = [
      lane(async (code) => {
        const answer = await act("/organisation/services/nouveau", {
          code,
          label: "Essai",
          startsAt: "01/01/2026",
        });
        if (answer.status === 303) this.services.add(code);
        await answer.arrayBuffer();
      }),
      lane(async (name) => {
        const email = `${name}@invitee.example`;
        const answer = await act("/organisation/utilisateurs/rattacher", {
          email,
          scope: "structure",
          profile: "lecture-seule",
        });
        if (answer.status === 303) this.invited.add(email);
        await answer.arrayBuffer();
      }),
      lane(async (name) => {
        const email = `${name}@nouvelle.example`;
        const browser = new Browser(url);
        await browser.open("/compte/creer");
        await browser.send({
          email,
          emailAgain: email,
          firstName: "Ada",
          lastName: "Essai",
          acceptsTerms: true,
        });
        await browser.send({}, { button: ["later", "oui"] });
        const { status } = await browser.send();
        if (status === 200 && browser.text.includes("Ouvrez le message")) this.signedUp.add(email);
      }),
    ];
    return {
      stop: async () => {
        this.#isOver = true;
        await Promise.all(lanes);
      },
    };
  }

  /** Nothing that was said to be done is missing, and nothing at all is there by half or twice. */
  async expectKept(query: Query): Promise<void> {
    const kept = async (text: string) => new Map((await query<Row>(text)).map((row) => [row.name, row]));
    const services = await kept(
      `select s.code as name, count(distinct j.seq)::int as entries, 1 as mails
       from service s left join journal_entry j on j.structure_id = s.structure_id and j.type = 'ServiceCreated' and j.object_id = s.id
       where s.structure_id = ${TOWN} and s.code ~ '^f[0-9]+$' group by 1`,
    );
    const invited = await kept(
      `select i.email as name, count(distinct j.seq)::int as entries, count(distinct m.id)::int as mails
       from invitation i left join journal_entry j on j.structure_id = i.structure_id and j.type = 'UserInvited' and j.object_label = i.email
       left join mail m on m.to_address = i.email and m.name = 'user-invited'
       where i.email like '%@invitee.example' group by 1`,
    );
    const signedUp = await kept(
      `select a.sign_in_email as name, count(distinct j.seq)::int as entries, count(distinct m.id)::int as mails
       from account a left join journal_entry j on j.type = 'ActivationLinkIssued' and j.object_id = a.id
       left join mail m on m.to_address = a.sign_in_email and m.name = 'activation-link'
       where a.sign_in_email like '%@nouvelle.example' group by 1`,
    );
    for (const [said, found] of [
      [this.services, services],
      [this.invited, invited],
      [this.signedUp, signedUp],
    ] as const) {
      expect([...said].filter((name) => !found.has(name))).toEqual([]);
      expect([...found.values()].filter(({ entries, mails }) => entries !== 1 || mails !== 1)).toEqual([]);
    }
  }
}

type Row = { readonly name: string; readonly entries: number; readonly mails: number };
