import { describe, expect, test } from "vitest";
import { isUnusual } from "./unusual-sign-in.ts";

const firefox = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";
const newerFirefox = "Mozilla/5.0 (Windows NT 10.0; rv:144.0) Gecko/20100101 Firefox/144.0";
const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605";
const office = { ip: "198.51.100.7", userAgent: firefox };

describe("N-07 Connexion inhabituelle", () => {
  test.each([
    ["la toute première connexion", office, [], false],
    ["le même navigateur, du même réseau", { ip: "198.51.7.9", userAgent: firefox }, [office], false],
    ["une mise à jour du navigateur", { ip: "198.51.100.7", userAgent: newerFirefox }, [office], false],
    ["un autre appareil", { ip: "198.51.100.7", userAgent: phone }, [office], true],
    ["un autre réseau", { ip: "203.0.113.7", userAgent: firefox }, [office], true],
    [
      "un appareil et un réseau connus, mais jamais ensemble",
      { ip: "203.0.113.7", userAgent: firefox },
      [office, { ip: "203.0.113.9", userAgent: phone }],
      true,
    ],
    [
      "IPv6 : le même opérateur",
      { ip: "2001:db8:1:2::3", userAgent: firefox },
      [{ ip: "2001:db8:9::1", userAgent: firefox }],
      false,
    ],
    ["IPv4 écrite en IPv6", { ip: "::ffff:198.51.100.7", userAgent: firefox }, [office], false],
  ] as const)("%s", (_title, place, earlier, expected) => {
    expect(isUnusual(place, earlier)).toBe(expected);
  });
});
