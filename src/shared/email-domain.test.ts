import { describe, expect, test } from "vitest";
import { domainOf, domainText, emailDomain } from "./email-domain.ts";

const read = (typed: string) => {
  const domain = emailDomain(typed);
  return domain.ok ? domain.value : domain.refusal.code;
};

describe("MEM-20 Un domaine de messagerie se lit sous le nom que portent vraiment les adresses", () => {
  test.each([
    ["exemple.fr", "exemple.fr"],
    [" @Exemple.FR. ", "exemple.fr"],
    ["ｅｘｅｍｐｌｅ。fr", "exemple.fr"],
    ["mairie-école.fr", "xn--mairie-cole-hbb.fr"],
    ["xn--mairie-cole-hbb.fr", "xn--mairie-cole-hbb.fr"],
    // a Cyrillic « е » and « х » : another domain
    ["ехemple.fr", "xn--emple-ywe6i.fr"],
    ["", "DOMAIN_MISSING"],
    ["@", "DOMAIN_MISSING"],
    ["exemple", "DOMAIN_INVALID"],
    ["exemple.fr/exemple.org", "DOMAIN_INVALID"],
    ["exemple.fr#", "DOMAIN_INVALID"],
    ["exemple.fr:25", "DOMAIN_INVALID"],
    ["paul@exemple.fr", "DOMAIN_INVALID"],
    ["exem ple.fr", "DOMAIN_INVALID"],
    ["exemple..fr", "DOMAIN_INVALID"],
    ["-exemple.fr", "DOMAIN_INVALID"],
    ["127.0.0.1", "DOMAIN_INVALID"],
    [`${`${"a".repeat(63)}.`.repeat(4)}fr`, "DOMAIN_INVALID"],
  ])("%s : %s", (typed, expected) => expect(read(typed)).toBe(expected));

  test("et se montre sous les deux, s'ils diffèrent", () => {
    expect(domainText("exemple.fr")).toBe("exemple.fr");
    expect(domainText("xn--mairie-cole-hbb.fr")).toBe("xn--mairie-cole-hbb.fr (mairie-école.fr)");
  });

  test("d'une adresse, quelle que soit sa casse ; jamais ce qui précède le dernier @", () => {
    expect(domainOf("Paul@Exemple.FR")).toBe("exemple.fr");
    expect(domainOf("paul@sous.exemple.fr")).toBe("sous.exemple.fr");
  });
});
