import "./htmx";
import "bootstrap/js/dist/collapse";
import "bootstrap/js/dist/dropdown";
import "bootstrap/js/dist/tab";
import "bootstrap/js/dist/toast";

import { listenForCalendars } from "../calendar/picker";
import { listenForCopies } from "./copy";
import { listenForDialogs } from "./dialogs";
import { followTheme } from "./theme";

listenForCalendars(document);
listenForCopies(document);
listenForDialogs(document);
followTheme(document.documentElement);
