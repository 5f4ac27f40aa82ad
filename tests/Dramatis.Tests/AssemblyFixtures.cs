using Dramatis.TestKit;

[assembly: AssemblyFixture(typeof(TestProcess))]
