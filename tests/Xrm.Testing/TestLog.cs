using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Xrm.Testing;

/// <summary>Something that was logged.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Category">By whom: <c>Xrm.Plugin.elus</c>; <c>Xrm</c> for the engine.</param>
/// <param name="Message">What was said.</param>
/// <param name="Exception">What was thrown; null when nothing was.</param>
public sealed record LogLine(LogLevel Level, string Category, string Message, Exception? Exception);

/// <summary>Keeps what is logged, so that a test can look.</summary>
internal sealed class TestLog : ILoggerFactory
{
    private readonly Lock _lock = new();
    private ImmutableArray<LogLine> _lines = [];

    public ImmutableArray<LogLine> Lines
    {
        get
        {
            lock (_lock)
                return _lines;
        }
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName, null);

    /// <summary>The same, and hands on to another.</summary>
    public ILogger CreateLogger(string categoryName, ILogger? besides) => new Category(this, categoryName, besides);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("What is logged in a test is kept; there is nobody else to tell.");

    public void Dispose() { }

    private sealed class Category(TestLog log, string name, ILogger? besides) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (log._lock)
                log._lines = log._lines.Add(new(logLevel, name, formatter(state, exception), exception));
            besides?.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
