using Dramatis.Cli;

ProcessSetup.UseTunedMalloc(args);
return await CommandLine.RunAsync(args);
