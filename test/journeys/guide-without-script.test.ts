import { tellTheGuide } from "../support/guide-story.ts";

tellTheGuide({ javaScriptEnabled: false });
