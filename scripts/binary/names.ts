/** The assets of the standalone binary that are known by name. */
export const PM = "pm.js";
/** The chunks that a call through the agent loads, as one script, and what V8 made of it. */
export const HOT = "hot.js";
export const HOT_CACHE = "hot.cache";
