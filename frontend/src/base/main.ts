import "./htmx";
import "bootstrap/js/dist/collapse";
import "bootstrap/js/dist/dropdown";
import "bootstrap/js/dist/tab";
import "bootstrap/js/dist/toast";

import { listenForDialogs } from "./dialogs";
import { followTheme } from "./theme";

listenForDialogs(document);
followTheme(document.documentElement);
