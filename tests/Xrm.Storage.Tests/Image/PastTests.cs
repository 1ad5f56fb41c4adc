using System.Collections.Concurrent;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Image;

/// <summary>What making a past state costs, whom it holds up and how long it is kept.</summary>
public sealed class PastTests : IAsyncDisposable
{
    private readonly Clock _clock = new();
    private readonly MemoryJournal _journal = new();
    private readonly ImageStore _store;
    private readonly ModelType _person;
    private readonly Guid _id = Some.Id();
    private int _readings;

    public PastTests()
    {
        var some = new SomeModel();
        _person = some.Type("Person", dated: false, ("name", Shape.Text, false), ("age", Shape.Integer, false));
        _store = ImageStore.Open(_journal, new() { Time = _clock });
        _journal.Reading = () => Interlocked.Increment(ref _readings);
        Model = some.Compile();
    }

    private CompiledModel Model { get; }

    [Fact]
    public async Task A_past_is_made_once_and_gone_on_with_when_others_have_written()
    {
        await Aged(20);
        (await Age(await AsOf(5))).ShouldBe(5);
        _readings.ShouldBe(15);
        (await Age(await AsOf(5))).ShouldBe(5);
        _readings.ShouldBe(15);
        await Aged(3, from: 21);
        (await Age(await AsOf(5))).ShouldBe(5);
        _readings.ShouldBe(18);
    }

    [Fact]
    public async Task Many_who_ask_for_the_same_past_at_once_have_it_made_once()
    {
        await Aged(20);
        var pasts = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => AsOf(8), Cancel)));
        foreach (var past in pasts)
            (await Age(past)).ShouldBe(8);
        _readings.ShouldBe(12);
    }

    [Fact]
    public async Task One_that_lies_too_far_back_is_told_with_the_figure_and_nothing_is_read()
    {
        await Aged(20);
        var problem = await Should.ThrowAsync<Problem>(AsOf(5, most: 14));
        (problem.Code, problem.Faults[0].Rule).ShouldBe((ProblemCode.Limit, "pastChanges"));
        problem.Faults[0].Message.Fr.ShouldContain("14");
        problem.Faults[0].Message.En.ShouldContain("14");
        _readings.ShouldBe(0);
        (await Age(await AsOf(6, most: 14))).ShouldBe(6);
    }

    [Fact]
    public async Task Whoever_goes_away_ends_the_work_and_the_next_has_it_made_whole()
    {
        await Aged(20);
        using var leaving = new CancellationTokenSource();
        _journal.Reading = leaving.Cancel;
        await Should.ThrowAsync<OperationCanceledException>(AsOf(5, cancellation: leaving.Token));
        _journal.Reading = null;
        (await Age(await AsOf(5))).ShouldBe(5);
    }

    [Fact]
    public async Task Few_are_kept_and_none_that_nobody_asks_for()
    {
        await Aged(20);
        foreach (var age in (int[])[15, 16, 17, 18, 19])
            await AsOf(age);
        _readings = 0;
        foreach (var age in (int[])[19, 18, 17, 16])
            await AsOf(age);
        _readings.ShouldBe(0);
        await AsOf(15);
        _readings.ShouldBe(5);
        _clock.Pass(TimeSpan.FromSeconds(50));
        await AsOf(18);
        _readings.ShouldBe(5);
        _clock.Pass(TimeSpan.FromSeconds(50));
        await AsOf(18);
        _readings.ShouldBe(5);
        await AsOf(15);
        _readings.ShouldBe(10);
    }

    [Fact]
    public async Task Before_the_first_block_and_from_the_last_on_nothing_is_read()
    {
        await Aged(3);
        using var now = _store.Snapshot();
        (await now.AsOf(_clock.GetUtcNow().AddDays(1), 0, Cancel)).ShouldBeSameAs(now);
        var nothing = await now.AsOf(DateTimeOffset.UnixEpoch, 0, Cancel);
        (nothing.Block, (await nothing.Read(Some.List(_person), Cancel)).Counts[0]).ShouldBe((0, 0));
        var past = await now.AsOf(_clock.GetUtcNow().AddMinutes(-1), 10, Cancel);
        (await past.AsOf(_clock.GetUtcNow(), 10, Cancel)).ShouldBeSameAs(past);
        (await Age(await past.AsOf(_clock.GetUtcNow().AddMinutes(-2), 10, Cancel))).ShouldBe(1);
        _readings.ShouldBe(3);
    }

    [Fact]
    public async Task A_key_that_came_since_finds_things_of_then()
    {
        await Aged(3);
        (await Age(await AsOf(2))).ShouldBe(2);
        var key = SomeModel.Key(_person, "name");
        await _store.Prepare(Model, Cancel);
        var rows = await (await AsOf(2)).Read(new ReadStep.ByKey(key, [[Some.Op(_person.ByName["name"], "Ada")]]) { Views = [TypeView.Of(_person)] }, Cancel);
        rows.Items.ShouldHaveSingleItem().Entity.Version.ShouldBe(2);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>One block a minute, later ones one a second, in each of which somebody grows a year older.</summary>
    private async Task Aged(int years, int from = 1)
    {
        if (from == 1)
            await _store.Prepare(Model, Cancel);
        for (var age = from; age < from + years; age++)
        {
            _clock.Pass(from == 1 ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1));
            await _store.Write(Some.Plan(age == 1 ? Some.Create(_person, _id, ("name", "Ada"), ("age", age)) : Some.Update(_person, _id, ("age", age))), Cancel);
        }
    }

    private async Task<ISnapshot> AsOf(int age, int most = 100, CancellationToken? cancellation = null) =>
        await _store.Snapshot().AsOf(Clock.Start.AddMinutes(age), most, cancellation ?? Cancel);

    private async Task<int> Age(ISnapshot snapshot)
    {
        var row = (await snapshot.Read(Some.ById(_person, _id), Cancel)).Items.ShouldHaveSingleItem();
        row.Entity.TryGet(2, out var json).ShouldBeTrue();
        return (int)JsonValue.Read(Shape.Integer, json);
    }

    /// <summary>Time passes when told; its timers fire then.</summary>
    private sealed class Clock : TimeProvider
    {
        public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private readonly ConcurrentBag<Timer> _timers = [];
        private DateTimeOffset _now = Start;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(() => callback(state), _now + dueTime, period);
            _timers.Add(timer);
            return timer;
        }

        public void Pass(TimeSpan time)
        {
            _now += time;
            foreach (var timer in _timers)
                timer.Fire(_now);
        }

        private sealed class Timer(Action callback, DateTimeOffset due, TimeSpan period) : ITimer
        {
            private bool _isOver;

            public void Fire(DateTimeOffset now)
            {
                for (; !_isOver && due <= now; due += period)
                    callback();
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => false;

            public void Dispose() => _isOver = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
