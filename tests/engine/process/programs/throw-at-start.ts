throw new TypeError("no luck today");
