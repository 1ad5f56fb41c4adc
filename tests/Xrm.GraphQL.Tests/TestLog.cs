using Microsoft.Extensions.Logging;

namespace Xrm.GraphQL.Tests;

/// <summary>Writes what is logged beside the test that runs.</summary>
internal sealed class TestLog : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{formatter(state, exception)} {exception}");
}
