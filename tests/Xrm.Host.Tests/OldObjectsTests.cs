using System.Runtime;

namespace Xrm.Host.Tests;

public class OldObjectsTests
{
    private GCLatencyMode? _mode;

    [Fact]
    public void They_are_taken_beside_requests_only_while_somebody_is_served_and_no_file_comes_in()
    {
        var old = new OldObjects(mode => _mode = mode);
        old.Begin();
        _mode.ShouldBe(GCLatencyMode.Batch);
        var served = old.BesideRequests();
        _mode.ShouldBe(GCLatencyMode.Interactive);
        var (first, second) = (old.InOneGo(), old.InOneGo());
        _mode.ShouldBe(GCLatencyMode.Batch);
        first.Dispose();
        first.Dispose();
        _mode.ShouldBe(GCLatencyMode.Batch);
        second.Dispose();
        _mode.ShouldBe(GCLatencyMode.Interactive);
        served.Dispose();
        _mode.ShouldBe(GCLatencyMode.Batch);
    }

    [Fact]
    public void The_host_is_built_so_that_they_can_be() =>
        File.ReadAllText(Path.ChangeExtension(typeof(OldObjects).Assembly.Location, ".runtimeconfig.json")).ShouldContain("\"System.GC.Concurrent\": true");
}
