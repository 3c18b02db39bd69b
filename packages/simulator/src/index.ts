/** Two engines, clients and a bad network from one seed: the one door other packages import. */
export {}
