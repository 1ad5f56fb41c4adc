using Xrm.Host.Serving;
using Xrm.Testing;

namespace Xrm.Host.Tests;

public class LargeOperationsTests
{
    private readonly TestClock _clock = new(TestClock.Monday);
    private readonly LargeOperations _large;
    private int _givenBack;

    public LargeOperationsTests() => _large = new(_clock, () => Interlocked.Increment(ref _givenBack));

    [Fact]
    public async Task Memory_is_given_back_a_second_after_the_last_file()
    {
        await _large.Run(() => Task.CompletedTask);
        await _large.Run(() => Task.CompletedTask);
        Volatile.Read(ref _givenBack).ShouldBe(0);
        await Pass();
        _givenBack.ShouldBe(1);
    }

    [Fact]
    public async Task It_is_not_while_a_file_that_began_before_still_comes_in()
    {
        var first = new TaskCompletionSource();
        var running = _large.Run(() => first.Task);
        await _large.Run(() => Task.CompletedTask);
        await Pass();
        Volatile.Read(ref _givenBack).ShouldBe(0);
        first.SetResult();
        await running;
        await Pass();
        _givenBack.ShouldBe(1);
    }

    private async Task Pass()
    {
        await _clock.Advance(TimeSpan.FromSeconds(2));
        // What waited for the clock goes on on another thread.
        for (var i = 0; i < 100 && Volatile.Read(ref _givenBack) == 0; i++)
            await Task.Delay(1, TestContext.Current.CancellationToken);
    }
}
