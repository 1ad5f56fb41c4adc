using Xrm.Host;
using Xrm.Host.Commands;

OldObjects.OfProcess.Begin();
return await CommandLine.Run(args, Terminal.OfProcess());
