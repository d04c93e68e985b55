"""Ends that abstracts carry and that are no findings, all invented: the rules were made with `SEEN` in view."""

SEEN = """
Written informed consent was obtained from every participant.
The study was approved by the ethics committee of the Quist Hospital.
Published by Invented House Inc.
Invented Research Council and Quist Foundation.
Supported in part by the Marlow Foundation.
Dr Quist holds shares in the company.
The authors thank Dr. Marlow for help with the figures.
Clin Trials Reference 00000000.
PMID: 00000000 [PubMed - indexed for MEDLINE]
Erratum in: Invent J 1999;354:99.
Received 12 May 1970.
J Invent Psychol 19:1-9, 1999.
Level of evidence: II.
Ethical issues are raised.
Methodological problems are pointed out.
The findings are related to theories of dreaming.
(c) 2012 INV, all rights reserved.
Copyright 1998 S. Invent AG, Quistheim.
Trial registration number: INV/2015/001.
This trial was registered at clinicaltrials.gov as NCT00000000.
This work was supported by USPHS grant MH-00000.
The compound was kindly supplied by Quist Ltd.
Conflict of interest: none declared.
Key words: inventamine, sleep, newt.
Inventamine; sleep; newt; memory.
[References: 45]
(Author's abstract)
The full text of this article is free.
Data are available on request from the authors.
Correspondence: J. Quist, Box 1, Quistheim.
No external funding.
The protocol was published in 2014.
The literature is reviewed.
More research is needed.
These findings warrant replication.
Subjects were paid for taking part.
""".strip().splitlines()

KEPT = """
All subjects gave their written consent before the trial.
Ethical approval was granted by the institutional review board.
Elsewhere Science Publishers B.V.
National Institute on Invented Disorders.
Funded by a Marlow Career Award.
M. Quist is an employee of Inventa Ltd and owns stock.
We are grateful to the nurses of the sleep ward.
ISRCTN registry: ISRCTN00000000.
DOI: 10.0000/invent.1999.0001
Comment in: Invent Rev 2001;12:3-4.
Accepted for publication 3 March 1966.
Br. J. Invent. (1968), 32, 580-592.
Evidence level: 3.
Clinical implications are considered.
Limitations of the method are noted.
The results are discussed in terms of current theories of sleep.
© The Author(s) 2016.
Copyright (C) 2003 by the Invented Psychological Association
Registration: UMIN000000000, 3 March 2015.
The trial is registered with the Inventland Trial Registry, number 0001.
Financial support came from the Quist Trust.
The drug was a gift from Marlow Laboratories.
The authors declare that they have no competing interests.
Keywords: newt; REM sleep; inventamine.
Newts, sleep, inventamine, memory.
(38 references)
(ABSTRACT TRUNCATED AT 250 WORDS)
A video abstract is available online.
Supplementary tables accompany the online version.
Reprint requests: Dr. J. Quist, Department of Sleep, Quistheim.
This study received no specific grant from any agency.
The study protocol has been described elsewhere.
Suggestions for treatment are offered.
Larger studies are required.
The results need to be confirmed in a larger sample.
Participants received course credit for their time.
""".strip().splitlines()
