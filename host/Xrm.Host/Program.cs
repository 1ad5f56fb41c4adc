using Xrm.Host.Commands;

return await CommandLine.Run(args, Terminal.OfProcess());
