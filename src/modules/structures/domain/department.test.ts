import { expect, test } from "vitest";
import { departmentPostcodes } from "./department.ts";

test.each([
  ["44", ["44"]],
  [" 1 ", ["01"]],
  ["2a", ["200", "201"]],
  ["2B", ["202", "206"]],
  ["974", ["974"]],
  ["20", ["20"]],
])("§ 14.1 Le département %s a les codes postaux en %j", (typed, postcodes) =>
  expect(departmentPostcodes(typed)).toEqual({ ok: true, value: postcodes }),
);

test.each(["", "0", "96", "999", "Loire", "44000", "4%"])("« %s » n'est pas un département", (typed) =>
  expect(departmentPostcodes(typed).ok).toBe(false),
);
