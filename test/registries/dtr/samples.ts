/** A repository as the vendor's guides show it in 2017, before there were tag limits. */
export const oldRepository = {
  id: "c9f92841-15b2-42a5-9e3b-ff79356bc537",
  namespace: "alpha",
  namespaceType: "organization",
  name: "nginx",
  shortDescription: "",
  visibility: "public",
  scanOnPush: false,
  immutableTags: false,
  enableManifestLists: false,
  pulls: 0,
  pushes: 0,
};

/** The webhook of the vendor's guide "use the API". */
export const webhook = {
  id: "b7bf702c31601efb4796da59900ddc1b7c72eb8ca80fdfb1b9fecdbad5418155",
  type: "TAG_PULL",
  key: "maria-testorg/lab-words",
  endpoint: "https://webhook.site/x",
  authorID: "194efd8e-9ee6-4d43-a34b-eefd9ce39087",
  createdAt: "2019-05-22T01:55:20.471286995Z",
  inactive: false,
  tlsCert: "",
  skipTLSVerification: true,
};
