using Dramatis.Cli;
using Dramatis.Cli.Host;

ProcessSetup.UseTunedMalloc(args);
return await CommandLine.RunAsync(args);
