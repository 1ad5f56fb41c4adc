using System.Collections.Immutable;
using Xrm.Core.Administration;
using Xrm.Core.Model;
using Xrm.Sdk;
namespace Xrm.Core.Running { internal static class MigrationRun { public static Migrate For(string plugin, PluginPermissions granted, ImmutableArray<Migration> migrations) => throw new NotImplementedException(); }
internal static class Rewind { public static Migrate To(string plugin, Engine engine) => throw new NotImplementedException(); } }
namespace Xrm.Core.Administration { internal static class ModelPlanner { public static ValueTask<ModelPlan> Plan(Engine engine, ImmutableArray<ModelDescription> d, CancellationToken c) { try { var m = ModelCompiler.Compile(d, engine.Model); return new(new ModelPlan(engine.Model.Fingerprint, [], [], m)); } catch (Problem p) { return new(new ModelPlan(engine.Model.Fingerprint, [], p.Faults, null)); } } } }
