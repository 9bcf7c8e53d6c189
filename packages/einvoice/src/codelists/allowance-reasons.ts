import { codeList, europeanArtefacts } from "./code-list.ts";

/** UNTDID 5189, restricted, for BT-98 and BT-140. */
export const allowanceReasons = codeList(
  { ...europeanArtefacts, name: "UNTDID 5189, restricted", rules: ["BR-CL-19"], title: /5189|allowance/i },
  `
  41 42 60 62 63 64 65 66 67 68 70 71 88 95 100 102 103 104 105
`,
);
