using System.CommandLine;
using Dramatis.Cli.Host;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis serve</c>: becomes the service. Flags go to it as environment, which keeps what is secret out of lists of processes.</summary>
/// <param name="isCalled">Otherwise it is only listed, without its flags.</param>
internal sealed class ServeCommand(bool isCalled)
{
    private readonly ServiceFlags flags = isCalled ? ServiceFlags.All() : ServiceFlags.None;

    public static Command Create(bool isCalled) => new ServeCommand(isCalled).Build();

    private Command Build()
    {
        var command = new Command(
            "serve",
            """
            Serves pictures: jobs that last, an HTTP API, OpenAI's and AUTOMATIC1111's too.
            Each flag is also a variable of the environment (DRAMATIS_MAX_QUEUE) and a field of dramatis.json in the data folder (max_queue).

            Examples:
              dramatis serve
              dramatis serve --urls http://127.0.0.1:9000 --data /srv/dramatis --painters 2
            """);
        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            flags.Export(parsed);
            ServiceProgram.Become();
        });
        return command;
    }
}
