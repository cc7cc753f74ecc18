// The script inside route-pack.html, bundled into one classic script by `make assets`.
import { zipSync } from "fflate";
import { startPack } from "./pack.js";

startPack(zipSync);
