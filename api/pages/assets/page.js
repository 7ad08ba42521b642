// What pages do beside showing: nothing here is needed to read or to decide.
"use strict";
