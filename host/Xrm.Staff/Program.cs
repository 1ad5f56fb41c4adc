using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Xrm.Staff;
using Xrm.Staff.Door;
using Xrm.Staff.Forms;
using Xrm.Staff.Shell;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.RootComponents.Add<App>("#app");
builder.Services
    .AddSingleton(TimeProvider.System)
    .AddSingleton<Language>()
    .AddSingleton<Connection>()
    .AddSingleton<Wire>()
    .AddSingleton<Socket>()
    .AddSingleton<FileSender>()
    .AddSingleton<IDoor, GraphDoor>()
    .AddSingleton<Session>()
    .AddSingleton<Notices>()
    .AddSingleton<Saver>()
    .AddSingleton<Deletions>()
    .AddSingleton<Recents>();
await Browser.Open(builder.HostEnvironment.BaseAddress + "staff.js");
await builder.Build().RunAsync();
